"""Schema algebra: intersecting, comparing and proving JSON Schemas, ours or anybody's."""
