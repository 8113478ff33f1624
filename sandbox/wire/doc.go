// Package wire writes JSON and CSV the way Microsoft's services send them, straight into a byte slice: a listing of a
// million people spends its time here, and reflection would multiply it.
package wire
