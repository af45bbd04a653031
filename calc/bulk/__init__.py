"""Stage 5: files in, files out, in parts, with quarantine, control totals and a manifest written last."""
