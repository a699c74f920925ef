package cluster

// register has items in lists, by hash. Other than the items themselves it holds no pointers: so it takes half of what
// a slice for each list would, and the collector need not look through it.
type register struct {
	items slots[item]
	lists map[uint64]list
	// links are chained by their numbers: 0 is none.
	links slots[link]
}

// list is a chain of links, the newest first.
type list struct{ first, count uint32 }

// link is an item's place in a list.
type link struct{ number, next uint32 }

func newRegister() register {
	return register{lists: map[uint64]list{}, links: slots[link]{values: make([]link, 1)}}
}

// file adds the item of a number to a list.
func (r *register) file(hash uint64, number uint32) {
	list := r.lists[hash]
	list.first, list.count = r.links.add(link{number, list.first}), list.count+1
	r.lists[hash] = list
}

// withdraw takes the item of a number out of a list, if it is there.
func (r *register) withdraw(hash uint64, number uint32) {
	list := r.lists[hash]
	for at := &list.first; *at != 0; at = &r.links.values[*at].next {
		if gone := *at; r.links.values[gone].number == number {
			*at = r.links.values[gone].next
			r.links.remove(gone)
			list.count--
			break
		}
	}
	if list.count == 0 {
		delete(r.lists, hash)
		return
	}
	r.lists[hash] = list
}

// numbers returns those of the items of a list, the newest first.
func (r *register) numbers(hash uint64) []uint32 {
	var numbers []uint32
	for at := r.lists[hash].first; at != 0; at = r.links.values[at].next {
		numbers = append(numbers, r.links.values[at].number)
	}
	return numbers
}
