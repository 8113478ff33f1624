package tenant

import (
	"crypto/rand"
	"math/big"
	"strings"
)

// firstPassword is 24 random characters of four kinds, which satisfies the password policy. Letters
// and digits that look alike are left out.
// Source: https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy
func firstPassword() string {
	kinds := []string{"ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "-_.!+="}
	var b strings.Builder
	for i := range 24 {
		kind := kinds[i%len(kinds)] // six of each, the places known: 24 draws are random enough
		b.WriteByte(kind[draw(len(kind))])
	}
	return b.String()
}

func draw(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil { // the system has no randomness: rand.Reader itself ends the program
		panic(err)
	}
	return int(i.Int64())
}
