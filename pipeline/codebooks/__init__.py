"""The codebooks that ship with the package, as YAML."""
