"""Rules in CEL: typed when they are compiled, computed on exact decimals."""
