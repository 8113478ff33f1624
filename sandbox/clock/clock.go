// Package clock is the only source of time in the sandbox.
package clock

import (
	"context"
	"time"
)

// A Clock tells two times: the tenant's, which a test may stop or move, and this machine's, by which clients date what
// they sign and by which waits are measured. It is safe for concurrent use if the functions it was made of are.
type Clock struct {
	tenant  func() time.Time
	machine func() time.Time
}

// New returns a clock whose tenant's time comes from tenant and whose machine's time comes from machine. A nil machine
// means the operating system's clock; a nil tenant means the time of the machine.
func New(tenant, machine func() time.Time) Clock {
	if machine == nil {
		machine = time.Now
	}
	if tenant == nil {
		tenant = machine
	}
	return Clock{tenant: tenant, machine: machine}
}

// Tenant is the tenant's time, in UTC.
func (c Clock) Tenant() time.Time { return c.tenant().UTC() }

// Machine is this machine's time.
func (c Clock) Machine() time.Time { return c.machine() }

// Wait waits for d of real time. It returns false, at once, if ctx ends before that.
func (c Clock) Wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
