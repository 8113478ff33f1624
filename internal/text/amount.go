package text

import "fmt"

// Size writes a number of bytes for people, with one decimal, in kB, MB or GB (powers of 1000).
// github.com/dustin/go-humanize leaves the decimal out from 10 on, so that 14.6 GB would be 15 GB.
func Size(bytes int64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
}

// Count writes how many there are of something: "1 gap", "2 gaps", "0 gaps". The plural of noun must end in s.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
