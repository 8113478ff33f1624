// Package text holds what messages are made of: sizes and counts as people read them, suggestions for
// mistyped names, and foreign texts made safe to show in one line. Its functions have no state and are safe
// for concurrent use.
package text
