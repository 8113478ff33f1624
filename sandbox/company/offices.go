package company

import (
	"m365lake/sandbox/dice"
)

// Office is where the person's post is.
func (p *Person) Office() *Office { return officeOf(dice.Roll(p.SeatHash, dice.TagOffice)) }

// Office is a place where the company is.
type Office struct {
	Name, City, Country, Usage, Language string
	weight                               int
}

var offices = []Office{
	{"ZRH-01 Limmatquai", "Zürich", "Switzerland", "CH", "de-CH", 260},
	{"BER-02", "Berlin", "Germany", "DE", "de-DE", 200},
	{"LYS Part-Dieu", "Lyon", "France", "FR", "fr-FR", 130},
	{"LON 3rd floor", "London", "United Kingdom", "GB", "en-GB", 120},
	{"AUS-A", "Austin", "United States", "US", "en-US", 110},
	{"KRK-05", "Kraków", "Poland", "PL", "pl-PL", 80},
	{"BLR Tower 2", "Bengaluru", "India", "IN", "en-IN", 60},
	{"SAO", "São Paulo", "Brazil", "BR", "pt-BR", 40},
}

func officeOf(h uint64) *Office {
	n := dice.Pick(h, 1000)
	for i := range offices {
		if n -= offices[i].weight; n < 0 {
			return &offices[i]
		}
	}
	return &offices[0]
}
