"""Stage 2: the law as dated, cited TOML -> the integer parameters in force on a day."""
