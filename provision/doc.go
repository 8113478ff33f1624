// Package provision holds the words of provisioning: changing licences and accounts because somebody
// asked for it in the control database. An [Action] is what somebody asks for; a [Plan] says what
// would change, a [Step] for each action; an [Entry] of the ledger says what was done.
//
// Everything rests on one idea, the [Facet]: the part of the tenant that a step changes, before and
// after. A step may be done while the tenant is as it was before. It is done when the tenant is as it
// shall be after. Anything else means that the tenant moved, and the step is refused. Undoing is the
// same step with both exchanged, and a crash between a call and its record is settled by reading.
//
// The package is values and rules about them: it reads no file, no database and no network. Its
// sub-packages, in the order in which an action goes through them:
//
//   - control: the control database, in which people ask and decide
//   - tenant: the tenant client, which reads a tenant from Microsoft Graph and changes it
//   - snapshot: a tenant as the client read it
//   - facts: what the warehouse knows of users and products
//   - plan: from all of these to a plan, without reading anything
//   - draft: reads, and then plans
//   - apply: carries an approved plan out, and takes it back
package provision
