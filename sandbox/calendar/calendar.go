package calendar

import (
	"math"
	"time"
)

// Days that are none.
const (
	Never Day = math.MaxInt32 // a day that does not come
	NoDay     = Day(-1 << 30) // a day that never was, such as the last day of activity of somebody who had none
)

// A Day is a calendar day in UTC, counted from 1970-01-01.
type Day = int

// Of is the day of an instant.
func Of(at time.Time) Day { return int(at.Unix() / 86400) }

// AppendDate writes YYYY-MM-DD. It is called several times for every report row, so it computes the civil date itself
// (Howard Hinnant's algorithm).
func AppendDate(b []byte, d Day) []byte {
	z := d + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	dd := doy - (153*mp+2)/5 + 1
	mm := mp + 3
	if mm > 12 {
		mm -= 12
	}
	yy := yoe + era*400
	if mm <= 2 {
		yy++
	}
	return append(b, byte('0'+yy/1000%10), byte('0'+yy/100%10), byte('0'+yy/10%10), byte('0'+yy%10),
		'-', byte('0'+mm/10), byte('0'+mm%10), '-', byte('0'+dd/10), byte('0'+dd%10))
}

// AppendTime writes an instant as Graph does: RFC 3339 in UTC, whole seconds.
func AppendTime(b []byte, d Day, second int) []byte {
	b = append(AppendDate(b, d), 'T')
	for i, v := range [3]int{second / 3600, second / 60 % 60, second % 60} {
		if i > 0 {
			b = append(b, ':')
		}
		b = append(b, byte('0'+v/10), byte('0'+v%10))
	}
	return append(b, 'Z')
}
