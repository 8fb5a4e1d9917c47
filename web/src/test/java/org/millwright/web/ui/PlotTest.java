package org.millwright.web.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlotTest {
    private static final double[] VALUES = {0.10, 0.12, 0.11, -0.9};
    private static final double[] LOW = {0.08, 0.10, 0.09, -4};
    private static final double[] HIGH = {0.12, 0.14, 0.13, 2.2};

    private static String svg(boolean... unsure) {
        return new Plot("Skill by window", List.of("May", "June", "July", "August"))
                .size(880, 220)
                .series("skill", VALUES, LOW, HIGH, unsure)
                .svg();
    }

    @Test
    void aPointThatRestsOnLittleSetsNoScaleAndIsMarked() {
        String plot = svg(false, false, false, true);
        assertThat(plot).contains(">0.14<", ">0.08<").doesNotContain(">−4<", ">−1<", ">2<");
        assertThat(plot).as("an arrow at the lower edge").contains("class=\"dot unsure\" d=\"M", "h10l-5 8z");
        assertThat(plot)
                .as("its interval from edge to edge")
                .containsPattern("class=\"whisker unsure\" x1=\"852.0\" y1=\"200.0\" x2=\"852.0\" y2=\"10.0\"");
        assertThat(plot).as("no line leads there").containsPattern("class=\"series\" d=\"M[^L]*L[^L]*L[^L\"]*\"");
        assertThat(plot).contains("skill August: −0.9 (−4 to 2.2)");
    }

    @Test
    void onTheScaleItIsHollow() {
        assertThat(new Plot("Skill", List.of("May", "June", "July"))
                        .series(
                                "skill",
                                new double[] {0.1, 0.2, 0.15},
                                new double[] {0, 0.1, -1},
                                new double[] {0.2, 0.3, 1},
                                new boolean[] {false, false, true})
                        .svg())
                .contains("<circle class=\"dot unsure\"")
                .doesNotContain("h10l-5");
    }

    @Test
    void whereNothingElseIsKnownItIsShownAsItIs() {
        assertThat(svg(true, true, true, true)).doesNotContain("unsure");
        assertThat(svg()).doesNotContain("unsure").contains(">−4<");
    }
}
