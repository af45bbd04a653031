"""Lists that people work from, made of a published night: in dollars, as a workbook, CSV or Parquet."""
