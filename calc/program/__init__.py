"""Keep the books of a utility's affordability program: a year's results and a small file in, statements out."""
