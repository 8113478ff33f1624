package company

import (
	"fmt"

	"m365lake/sandbox/dice"
)

// ClientID is the application that may read this tenant.
func (c *Company) ClientID() string { return dice.GUID(dice.Roll(c.Seed, dice.TagClient)) }

// ClientSecret is that application's invented secret.
func (c *Company) ClientSecret() string { return secretOf(dice.Roll(c.Seed, dice.TagSecret)) }

// WriterID is the application that may also change users, licences and groups.
func (c *Company) WriterID() string { return dice.GUID(dice.Roll(c.Seed, dice.TagClient) + 1) }

// WriterSecret is that application's invented secret.
func (c *Company) WriterSecret() string { return secretOf(dice.Roll(c.Seed, dice.TagSecret) + 1) }

func secretOf(h uint64) string { return fmt.Sprintf("sandbox-%016x%016x", h, dice.Mix(h)) }

// Secret is what the tenant signs with.
func (c *Company) Secret() string { return dice.GUID(dice.Roll(c.Seed, dice.TagKey)) }
