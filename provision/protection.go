package provision

// A ProtectionKind is what the value of a Protection names.
type ProtectionKind string

// The kinds of protection.
const (
	ProtectAccount ProtectionKind = "account" // sign-in name or object id
	ProtectRole    ProtectionKind = "role"    // all its holders
	ProtectGroup   ProtectionKind = "group"   // all its members
	ProtectPattern ProtectionKind = "pattern" // of sign-in names; * stands for any text
)

// A Protection is one row of protected_accounts: whom no plan may change.
type Protection struct {
	Kind   ProtectionKind
	Value  string
	Reason string // may be empty
}
