package org.millwright.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.millwright.outcome.Label;

class MergeTest {
    /** One outcome after the other, as if each had come alone. */
    private static final class OneByOne {
        final Map<String, Label> newest = new HashMap<>();
        final Set<String> fresh = new HashSet<>();
        final Set<String> replaced = new HashSet<>();
        final List<Merge.Lost> lost = new ArrayList<>();
        int duplicates;

        OneByOne(List<Label> sent, Map<String, Label> known) {
            newest.putAll(known);
            for (Label label : sent) {
                Label before = newest.putIfAbsent(label.id(), label);
                if (before == null) {
                    fresh.add(label.id());
                } else if (before.outcome().equals(label.outcome())) {
                    duplicates++;
                } else {
                    boolean wins = label.time() >= before.time();
                    lost.add(new Merge.Lost(wins ? before : label, wins));
                    if (wins) {
                        newest.put(label.id(), label);
                        replaced.add(label.id());
                    }
                }
            }
        }
    }

    private static List<Label> labels(Random random, int count, int ids) {
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            labels.add(new Label("flight-" + random.nextInt(ids), random.nextInt(3), random.nextInt(4)));
        }
        return labels;
    }

    @Test
    void takenTogetherOutcomesCountAsIfTheyCameOneByOne() {
        var random = new Random(11);
        for (int round = 0; round < 500; round++) {
            Map<String, Label> known = new HashMap<>();
            labels(random, random.nextInt(10), 20).forEach(label -> known.put(label.id(), label));
            List<Label> sent = labels(random, random.nextInt(40), 1 + random.nextInt(30));
            var expected = new OneByOne(sent, known);
            List<Label> sorted = Merge.sorted(sent);
            var merge = new Merge(sorted, known);
            List<Label> changed = merge.changed();
            assertThat(changed).extracting(Label::id).isSorted().doesNotHaveDuplicates();
            assertThat(changed).allMatch(label -> label.equals(expected.newest.get(label.id())));
            assertThat(ids(changed, merge.fresh())).isEqualTo(expected.fresh);
            assertThat(ids(changed, merge.replaced())).isEqualTo(expected.replaced);
            Set<String> both = new HashSet<>(expected.fresh);
            both.addAll(expected.replaced);
            assertThat(changed).hasSize(both.size());
            assertThat(merge.lost()).containsExactlyInAnyOrderElementsOf(expected.lost);
            assertThat(merge.duplicates()).isEqualTo(expected.duplicates);
            assertThat(Merge.firsts(sorted))
                    .extracting(Label::id)
                    .containsExactlyElementsOf(
                            sent.stream().map(Label::id).distinct().sorted().toList());
        }
    }

    @Test
    void outcomesOfOneIdStayInTheOrderInWhichTheyWereSent() {
        var first = new Label("b", 1, 5);
        var second = new Label("b", 2, 5);
        var other = new Label("a", 3, 5);
        assertThat(Merge.sorted(List.of(first, other, second))).containsExactly(other, first, second);
        assertThat(new Merge(Merge.sorted(List.of(first, other, second)), Map.of()).changed())
                .containsExactly(other, second);
    }

    private static Set<String> ids(List<Label> changed, BitSet which) {
        Set<String> ids = new HashSet<>();
        which.stream().forEach(i -> ids.add(changed.get(i).id()));
        return ids;
    }
}
