// Package plan makes plans of provisioning: which actions that people requested can be done, what each would
// change, and why the others are refused. A plan is a function of values alone: the actions, the rules, a
// snapshot of the tenant and what the warehouse knows. The package reads nothing and does not know what time
// it is.
//
// A rule that refuses an action is in one of these files:
//
//   - resolve.go: the action names a user, product, service plan or group that cannot be found or must not be
//     changed; two actions contradict each other
//   - simulate.go: the user, as the steps before leave the user, cannot be changed like that
//   - seats.go: Microsoft Graph would refuse the licence
//   - service_plans.go: service plans that exclude or need each other
//
// Rules about evidence are in package facts (evidence.go), those about protected users in package tenant
// (protection.go). What is checked once more before a plan is applied is in package apply (gate.go). Each
// refusal has a code, which docs/provisioning.md explains.
package plan
