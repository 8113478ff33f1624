// Package plan makes plans. A plan is a function of values alone: the actions, the rules, a snapshot of
// the tenant and what the warehouse knows. The package reads nothing and does not know what time it is.
package plan
