// Package sandbox is a Microsoft 365 tenant to try and test with: invented
// people behind real HTTP.
//
// It answers the token endpoint, the directory and the usage reports, by person,
// by site and for the whole tenant, the way Microsoft documents them, quirks
// included. It shares no code and no list of
// column names with the pipeline, so that the two can disagree in a test.
//
// Everything it says is a pure function of the seed, a person's number and a
// day. Nothing is kept per person, so a tenant of a million people costs no more
// memory than one of ten.
//
// The application Tenant.WriterID may also write: users, licences, members of
// groups, one by one or in a $batch. What is written is kept, account by account,
// and every list of the directory shows it; an account that was written to stays
// as it is while the tenant's clock goes on. The usage reports and WriteTruth go
// on telling of the tenant as it was invented. Server.Changes, Server.State and
// Server.Dangers let a test see what was really done.
package sandbox
