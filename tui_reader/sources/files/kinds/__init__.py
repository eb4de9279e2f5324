"""The kinds of files with metadata other than YAML: what each says of its article, and where its body begins."""
