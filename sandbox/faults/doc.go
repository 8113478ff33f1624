// Package faults lists what the sandbox can be told to do wrong, and carries out the faults that are the same for
// every request (answers.go) or every write (writes.go). A fault of one kind of answer is carried out where that
// answer is made: the code there asks Set.On. Those are sandbox/reports (download.go, column_faults.go, view.go),
// sandbox/graphapi, sandbox/entra and sandbox/books.
//
// To add a fault, add its name and its description to faults.go, and ask for it with Set.On at that place.
package faults
