// Package tenant is the tenant client: it reads the live tenant from Microsoft Graph, and makes the
// one call of a step. It knows what the answers of Graph mean, and nothing of plans and rules.
package tenant
