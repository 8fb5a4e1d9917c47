package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.evidence.Card;

/** What people wrote stays with a model that gets another name; what no project and no bundle tells is lacking. */
class RenamedCardTest {
    @TempDir
    Path folder;

    @Test
    void keepsItsSections() {
        Card card = EvidenceLine.renamed(folder.resolve("server"));

        assertThat(card.title()).isEqualTo("arrivals version 1");
        assertThat(card.parts().stream().filter(Card.Part::isWritten).map(Card.Part::text))
                .contains("Ana, at the desk");
        assertThat(card.gaps().toString())
                .contains("The model belongs to no approved project", "It has no certificate", "It is not deployed");
    }
}
