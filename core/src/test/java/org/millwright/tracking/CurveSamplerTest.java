package org.millwright.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** However many points come in whatever shape: ends and extremes stay, nothing is made up, and it stays small. */
class CurveSamplerTest {
    @Property(tries = 300)
    void keepsEndsAndExtremesOfEveryHistory(
            @ForAll @IntRange(min = 1, max = 5_000) int count,
            @ForAll @IntRange(min = 2, max = 60) int most,
            @ForAll @IntRange(min = 1, max = 1_000) int distinct,
            @ForAll long seed) {
        var random = new Random(seed);
        var all = new ArrayList<Curve.Point>();
        var sampler = new CurveSampler(most);
        for (int i = 0; i < count; i++) {
            var point = new Curve.Point(i, i * 7L, random.nextInt(distinct) - distinct / 2.0);
            all.add(point);
            sampler.add(point);
        }
        List<Curve.Point> kept = sampler.points();
        assertThat(kept).isSubsetOf(all).hasSizeLessThanOrEqualTo(4 * most);
        assertThat(kept).isSortedAccordingTo(Comparator.comparingLong(Curve.Point::step));
        assertThat(kept).doesNotHaveDuplicates();
        assertThat(kept.getFirst()).isEqualTo(all.getFirst());
        assertThat(kept.getLast()).isEqualTo(all.getLast());
        double low = all.stream().mapToDouble(Curve.Point::value).min().orElseThrow();
        double high = all.stream().mapToDouble(Curve.Point::value).max().orElseThrow();
        assertThat(kept.stream().mapToDouble(Curve.Point::value).min()).hasValue(low);
        assertThat(kept.stream().mapToDouble(Curve.Point::value).max()).hasValue(high);
        assertThat(sampler.extreme(false)).extracting(Curve.Point::value).isEqualTo(low);
        assertThat(sampler.extreme(true)).extracting(Curve.Point::value).isEqualTo(high);
        assertThat(sampler.count()).isEqualTo(count);
        if (count <= most) {
            assertThat(kept).isEqualTo(all);
        }
    }
}
