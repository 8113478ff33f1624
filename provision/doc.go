// Package provision changes licences and accounts because somebody asked for it in the control
// database: a row of provisioning_actions becomes a step of a plan, the plan is approved, applied
// step by step, read back, and can be undone.
//
// Everything rests on one idea, the [Facet]: the part of the tenant that a step changes, before and
// after. A step may be done while the tenant is as it was before; it is done when the tenant is as
// it shall be after; anything else means that the tenant moved, and the step is refused. Undoing is
// the same step with both exchanged, and a crash between a call and its record is settled by reading.
package provision
