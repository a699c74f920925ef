package cluster

// register has items in lists, by hash. Other than the items themselves it holds no pointers: so it takes half of what
// a slice for each list would, and the collector need not look through it.
type register struct {
	// items are those of each number, and vacant the numbers without one.
	items  []item
	vacant []uint32
	lists  map[uint64]list
	// links are chained by their indexes: 0 is none. unused are the indexes of those in no list.
	links  []link
	unused []uint32
}

// list is a chain of links, the newest first.
type list struct{ first, count uint32 }

// link is an item's place in a list.
type link struct{ number, next uint32 }

func newRegister() register {
	return register{lists: map[uint64]list{}, links: make([]link, 1)}
}

// enter gives an item a number. It is in no list yet.
func (r *register) enter(item item) (number uint32) {
	if last := len(r.vacant) - 1; last >= 0 {
		number, r.vacant = r.vacant[last], r.vacant[:last]
		r.items[number] = item
		return number
	}
	r.items = append(r.items, item)
	return uint32(len(r.items) - 1)
}

// leave forgets the item of a number, which is in no list any more.
func (r *register) leave(number uint32) {
	r.items[number] = nil
	r.vacant = append(r.vacant, number)
}

// file adds the item of a number to a list.
func (r *register) file(hash uint64, number uint32) {
	list := r.lists[hash]
	list.first, list.count = r.link(link{number, list.first}), list.count+1
	r.lists[hash] = list
}

func (r *register) link(added link) (index uint32) {
	if last := len(r.unused) - 1; last >= 0 {
		index, r.unused = r.unused[last], r.unused[:last]
		r.links[index] = added
		return index
	}
	r.links = append(r.links, added)
	return uint32(len(r.links) - 1)
}

// withdraw takes the item of a number out of a list, if it is there.
func (r *register) withdraw(hash uint64, number uint32) {
	list := r.lists[hash]
	for at := &list.first; *at != 0; at = &r.links[*at].next {
		if gone := *at; r.links[gone].number == number {
			*at = r.links[gone].next
			r.unused = append(r.unused, gone)
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
	for at := r.lists[hash].first; at != 0; at = r.links[at].next {
		numbers = append(numbers, r.links[at].number)
	}
	return numbers
}
