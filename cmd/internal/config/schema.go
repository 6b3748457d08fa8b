package config

import _ "embed"

// Schema is the JSON Schema of [File], for editors.
//
//go:embed schema.json
var Schema []byte
