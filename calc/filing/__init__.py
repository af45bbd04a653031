"""Fill in the yearly reports to the Commission, rules 3412(l) and 3407(g): workbook, page to print, Parquet."""
