package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Frame;
import org.millwright.scoring.codec.ScoringRequest;
import org.millwright.scoring.profile.Reference;

class ScoredTest {
    private static final Frame ROW = Frame.of(1).doubles("x", new double[] {1}).build();

    private static Frame watched(Frame answer) {
        var deployment = new Deployment(
                "d", "p", "m", Optional.of("1"), Optional.empty(), new Rollout.None(), Optional.empty(), 0, 0);
        var request = new ScoringRequest("r", ROW, List.of(), new long[0], List.of(), List.of());
        return Scored.of(deployment, "1", 7, request, answer).inputs();
    }

    @Test
    void aNumberAloneAddsNothing() {
        assertThat(watched(Frame.of(1).doubles("y", new double[] {2}).build())).isSameAs(ROW);
    }

    @Test
    void aClassAndItsProbabilitiesAreColumnsBehindTheInputs() {
        Frame answer = Frame.of(1)
                .strings("class", new String[] {"late"})
                .doubles("late", new double[] {0.75})
                .doubles("on time", new double[] {0.25})
                .build();
        Frame watched = watched(answer);
        assertThat(watched.names()).containsExactly("x", Reference.OUTPUT, Scored.further(0), Scored.further(1));
        assertThat(watched.doubles(Scored.further(0))).containsExactly(0.75);
        assertThat(watched.names().stream().filter(Scored::isOutput)).hasSize(3);
    }

    @Test
    void furtherAnswersThatAreNoRealsOrTooManyAreNotKept() {
        Frame texts = Frame.of(1)
                .doubles("y", new double[] {2})
                .strings("why", new String[] {"so"})
                .build();
        assertThat(watched(texts)).isSameAs(ROW);
        Frame.Builder many = Frame.of(1).doubles("y", new double[] {2});
        for (int i = 0; i <= Scored.MOST_FURTHER; i++) {
            many.doubles("p" + i, new double[] {0});
        }
        assertThat(watched(many.build())).isSameAs(ROW);
    }
}
