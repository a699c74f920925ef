package traffic

import (
	"slices"
	"testing"
	"time"
)

func TestAnOutageHasACause(t *testing.T) {
	tests := map[string]struct {
		tell func(*story)
		want []Cause
	}{
		"a Service that was never served": {func(s *story) {
			s.pod(blue, "b1", false)
			s.write("live", "switch to green")
			s.service(green)
		}, nil},
		"a switch to nothing": {func(s *story) {
			s.pod(blue, "b1", true)
			s.write("live", "switch to green")
			s.service(green)
		}, []Cause{ByWrite}},
		"a switch to what is ready": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(green, "g1", true)
			s.write("live", "switch to green")
			s.service(green)
			s.deleted(blue, "b1")
		}, nil},
		"a switch to what is drained": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(green, "g1", true)
			s.write(green, "scale to 0")
			s.write("live", "switch to green")
			s.service(green)
			s.deleted(green, "g1")
		}, []Cause{ByWrite}},
		"a switch to what fails after it was judged": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(green, "g1", true)
			s.write("live", "switch to green")
			s.pod(green, "g1", false)
			s.service(green)
		}, []Cause{ByFailure}},
		"a switch to what failed long ago": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(green, "g1", true)
			s.pod(green, "g1", false)
			s.later()
			s.write("live", "switch to green")
			s.service(green)
		}, []Cause{ByWrite}},
		"a drain of all that serves": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(blue, "b2", true)
			s.write(blue, "scale to 0")
			s.deleted(blue, "b1")
			s.deleted(blue, "b2")
		}, []Cause{ByWrite}},
		"two outages": {func(s *story) {
			for _, name := range []string{"b1", "b2"} {
				s.pod(blue, name, true)
				s.write(blue, "scale to 0")
				s.deleted(blue, name)
			}
		}, []Cause{ByWrite, ByWrite}},
		"a pod that nobody is known to have taken": {func(s *story) {
			s.pod(blue, "b1", true)
			s.deleted(blue, "b1")
		}, []Cause{ByWrite}},
		"a pod that fails": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(blue, "b1", false)
		}, []Cause{ByFailure}},
		"a pod that its node ends": {func(s *story) {
			s.pod(blue, "b1", true)
			s.fails("b1")
			s.deleted(blue, "b1")
		}, []Cause{ByFailure}},
		"a scale-down to the pod that fails after it was judged": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(blue, "b2", true)
			s.write(blue, "scale to 1")
			s.pod(blue, "b1", false)
			s.deleted(blue, "b2")
		}, []Cause{ByFailure}},
		"a scale-down by a controller that has not seen yet which pod failed": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(blue, "b2", true)
			s.available(blue, 2)
			s.pod(blue, "b1", false)
			s.soon()
			s.write(blue, "scale to 1")
			s.deleted(blue, "b2")
		}, []Cause{ByFailure}},
		"a scale-down by a controller that has": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(blue, "b2", true)
			s.available(blue, 2)
			s.pod(blue, "b1", false)
			s.available(blue, 1)
			s.soon()
			s.write(blue, "scale to 1")
			s.deleted(blue, "b2")
		}, []Cause{ByWrite}},
		"a drain after which a pod fails that nothing controls": {func(s *story) {
			orphan := podOf(green, "g1", true)
			orphan.controller = ""
			s.service("")
			s.happens(orphan, false)
			s.pod(blue, "b1", true)
			s.write(blue, "scale to 0")
			orphan.ready = false
			s.happens(orphan, false)
			s.deleted(blue, "b1")
		}, []Cause{ByFailure}},
		"a drain of what is left after a failure long ago": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(blue, "b2", true)
			s.pod(blue, "b1", false)
			s.later()
			s.write(blue, "scale to 1")
			s.deleted(blue, "b2")
		}, []Cause{ByWrite}},
		"a drain in which a pod that would go too fails": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(blue, "b2", true)
			s.write(blue, "scale to 0")
			s.workload(blue, 0)
			s.pod(blue, "b1", false)
			s.deleted(blue, "b2")
		}, []Cause{ByWrite}},
		"a drain while a pod fails that the Service does not select": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(green, "g1", true)
			s.write(blue, "scale to 0")
			s.pod(green, "g1", false)
			s.deleted(blue, "b1")
		}, []Cause{ByWrite}},
		"a drain of what becomes ready only then": {func(s *story) {
			s.write(blue, "scale to 0")
			s.pod(blue, "b1", true)
			s.deleted(blue, "b1")
		}, []Cause{ByRevival}},
		"a rollout to pods that are not selected, after the pod failed that was to stay": {func(s *story) {
			s.pod(blue, "b1", true)
			s.pod(green, "g1", true)
			s.service("")
			s.stores("relabel", workload{key: named(blue), uid: blue, wanted: 1, generation: 1})
			s.pod(green, "g1", false)
			s.later()
			s.stores("scale up", workload{key: named(blue), uid: blue, wanted: 2, generation: 2})
			s.deleted(blue, "b1")
		}, []Cause{ByFailure}},
		"a Service that is deleted": {func(s *story) {
			s.pod(blue, "b1", true)
			s.happens(service{key: named("live")}, true)
		}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStory()
			test.tell(s)
			var got []Cause
			for _, outage := range judge(s.history).outages {
				got = append(got, outage.cause)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("causes %q instead of %q", got, test.want)
			}
		})
	}
}

func TestADropOfTheSlicesIsHeldAgainstThePods(t *testing.T) {
	s := newStory()
	s.pod(blue, "b1", true)
	s.slices(1)
	s.pod(blue, "b1", false)
	s.slices(0)
	if got := judge(s.history); got.drops != 1 || got.count(ByLag) != 0 {
		t.Errorf("after the pod failed: %d drops, %d of them unexplained", got.drops, got.count(ByLag))
	}
	s.pod(blue, "b1", true)
	s.slices(1)
	s.later()
	s.slices(0)
	if got := judge(s.history); got.drops != 2 || got.count(ByLag) != 1 {
		t.Errorf("while the pod serves: %d drops, %d of them unexplained", got.drops, got.count(ByLag))
	}
}

func TestTheSlicesMayTellOfTheDrainBeforeTheSwitch(t *testing.T) {
	s := newStory()
	s.pod(blue, "b1", true)
	s.pod(green, "g1", true)
	s.slices(1)
	s.later()
	s.service(green)
	s.deleted(blue, "b1")
	s.slices(0)
	s.slices(1)
	if got := judge(s.history); got.drops != 1 || got.count(ByLag) != 0 {
		t.Errorf("%d drops, %d of them unexplained", got.drops, got.count(ByLag))
	}
}

func TestChangesAreReplayedAsTheyWereMade(t *testing.T) {
	s := newStory()
	s.pod(green, "g1", true)
	s.pod(blue, "b1", true)
	s.service(green)
	s.deleted(blue, "b1")
	slices.Reverse(s.changes)
	if got := judge(s.history); len(got.outages) != 0 {
		t.Errorf("%d outages", len(got.outages))
	}
}

func TestAnOutageIsToldWithTheWritesBeforeIt(t *testing.T) {
	s := newStory()
	s.pod(blue, "b1", true)
	s.write(blue, "scale to 0")
	s.deleted(blue, "b1")
	deleted := s.now.Add(-100 * time.Millisecond)
	write := clock(deleted.Add(-100*time.Millisecond)) + " to " + clock(deleted.Add(-100*time.Millisecond)) + "  worker 0: scale to 0 (version 0)\n"
	want := "Service shop/live has no ready endpoint since " + clock(deleted) + " (version 5) because of an admitted write\n" +
		"  " + clock(deleted) + " pod b1 left: its controller deleted it\n    by " + write + "  " + write
	if got := judge(s.history).outages[0].String(); got != want {
		t.Errorf("%s\ninstead of\n%s", got, want)
	}
}
