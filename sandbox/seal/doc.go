// Package seal signs texts that a client brings back: page tokens and download links.
package seal
