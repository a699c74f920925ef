package selfsigned

import (
	"crypto/x509"
	"maps"
	"time"
)

// sightings tell for how long this process has seen CAs trusted, in one look after the other. Neither the CAs nor the
// webhook configurations say so: one of cert-manager may be years old where it is trusted beside another from today on.
type sightings struct {
	now time.Time
	// before has the CAs of the look before, and current those of this one, by what they are made of.
	before, current map[string]time.Time
}

// next begins another look. A CA that the look before did not see is seen for the first time in it.
func (s sightings) next(now time.Time) sightings {
	return sightings{now, s.current, map[string]time.Time{}}
}

// seenFor sees a CA, and returns for how long it has been seen.
func (s sightings) seenFor(authority *x509.Certificate) time.Duration {
	key := string(authority.Raw)
	first, seen := s.before[key]
	if !seen {
		first = s.now
	}
	s.current[key] = first
	return s.now.Sub(first)
}

// forget has a CA seen for the first time when it is seen next.
func (s sightings) forget(authority *x509.Certificate) { delete(s.before, string(authority.Raw)) }

// keep keeps what the look before saw, where this one failed: it may not have seen everything.
func (s sightings) keep() { maps.Copy(s.current, s.before) }

// any reports whether the look saw any.
func (s sightings) any() bool { return len(s.current) > 0 }
