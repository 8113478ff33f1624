package transform

import (
	"m365lake/schemas/reports"
)

// An appSet is a set of apps: bit i is the i-th of reports.Apps.
type appSet uint32

// appNamed returns the set of one app. It panics on an unknown name: names are part of the program.
func appNamed(name string) appSet {
	for i, app := range reports.Apps() {
		if app.Name == name {
			return 1 << i
		}
	}
	panic("transform: no app is called " + name)
}

func (s appSet) names() []string {
	names := []string{}
	for i, app := range reports.Apps() {
		if s&(1<<i) != 0 {
			names = append(names, app.Name)
		}
	}
	return names
}
