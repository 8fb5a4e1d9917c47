package org.millwright.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.outcome.Label;

class ByIdTest {
    private static void sorts(List<Label> sent) {
        assertThat(ById.sorted(sent))
                .containsExactlyElementsOf(
                        sent.stream().sorted(Comparator.comparing(Label::id)).toList());
    }

    /** Letters that differ by little, lie beyond a byte, or end an id early. */
    @ParameterizedTest
    @ValueSource(strings = {"ab", "a\u00fe\u00ff", "\u00ff\u0100\uffee", "0123456789", "a\ud83d\ude00"})
    void theOrderIsThatOfTheIds(String letters) {
        var random = new Random(letters.hashCode());
        for (int round = 0; round < 200; round++) {
            String prefix = letters.repeat(random.nextInt(3));
            List<Label> sent = new ArrayList<>();
            int count = random.nextInt(60);
            for (int i = 0; i < count; i++) {
                var id = new StringBuilder(prefix);
                for (int letter = random.nextInt(12); letter > 0; letter--) {
                    id.append(letters.charAt(random.nextInt(letters.length())));
                }
                sent.add(new Label(id.append('x').toString(), i, i));
            }
            sorts(sent);
        }
    }

    @Test
    void moreThanPlacesFitAreSortedAsWell() {
        var random = new Random(5);
        List<Label> sent = new ArrayList<>();
        for (int i = 0; i < 70_000; i++) {
            sent.add(new Label("flight-" + random.nextInt(40_000), i, i));
        }
        sorts(sent);
        sorts(sent.subList(0, 65_536));
    }
}
