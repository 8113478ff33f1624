// Package sandbox is a Microsoft 365 tenant to try and test with: invented people behind real HTTP. It answers the
// token endpoint, the directory and the usage reports the way Microsoft documents them, quirks included. It shares no
// code and no list of column names with the pipeline, so that the two can disagree in a test.
//
// This package puts the parts together and starts them. From the bottom up:
//
//	dice, calendar, clock, wire, seal, route   chances, days, time, JSON and CSV, signatures, paths
//	products    the products and service plans there are
//	company     who works there, what they hold and what they did: a pure function of the seed and the day
//	truth       the same as CSV files, to check numbers against
//	odata       how Graph answers
//	faults      what the sandbox can be told to do wrong, by name
//	books       what writes made of the company: the only state of the tenant
//	entra       signing in
//	reports     the usage reports and their downloads
//	graphapi    the directory and the writes to it
//
// Somebody's data are made up anew whenever they are asked for, so a tenant of a million people costs no more memory
// than one of ten. Writes are kept account by account, and every list of the directory shows them; the usage reports
// and WriteTruth go on telling of the tenant as it was invented. Server.Changes, Server.State and Server.Dangers let a
// test see what was really done.
package sandbox
