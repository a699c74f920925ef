package cluster

// slots gives each value a number for as long as it is kept, and those of what is gone to what comes.
type slots[T any] struct {
	values []T
	vacant []uint32
}

func (s *slots[T]) add(value T) (number uint32) {
	if last := len(s.vacant) - 1; last >= 0 {
		number, s.vacant = s.vacant[last], s.vacant[:last]
		s.values[number] = value
		return number
	}
	s.values = append(s.values, value)
	return uint32(len(s.values) - 1)
}

// remove lets go of the value, so that it can be collected.
func (s *slots[T]) remove(number uint32) {
	var none T
	s.values[number] = none
	s.vacant = append(s.vacant, number)
}
