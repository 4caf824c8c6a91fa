"""Facts to forms, forms to one form in which every data element is asked once."""
