// Package books is what writes have made of the invented company: accounts, licences, memberships, seats, and the log
// of the writes that were accepted. It is the only state of the tenant, and has the only lock over it: every exported
// method of Books locks by itself and may be called by several goroutines at once.
//
// It is as large as what was written. A person to whom no write was made is invented anew by package company for each
// request; an account that a write changed stays as it is while the tenant's clock goes on.
package books
