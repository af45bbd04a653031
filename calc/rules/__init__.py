"""Stage 2: turn the rules, dated and cited TOML files, into the integer parameters in force on a date."""
