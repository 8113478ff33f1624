// Package facts is what the published warehouse knows of the users and products that a plan is about:
// what is stored, when somebody was last active, and whether the evidence for an action still holds.
package facts
