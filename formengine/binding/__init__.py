"""How a department's fields relate to data elements, and what its schema demands of them."""
