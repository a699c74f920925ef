package rules

// URL returns the address of a rule's page, for denials and reports. It stays the same, as the rule's id does.
func URL(id string) string { return "https://greenlight.dev/rules/" + id }
