package org.millwright.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class CardStoreTest {
    private final Database database;
    private final CardStore store;

    CardStoreTest(OnDatabases.Maker maker) {
        database = maker.make();
        store = new CardStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void tellsWhatWasWrittenUpToAVersionTheNewestLast() {
        write("a", "model:m", Section.LIMITATIONS, 2, "for two, later", 30);
        write("b", "model:m", Section.LIMITATIONS, 1, "for one, ünïcode 😀", 40);
        write("c", "model:m", Section.LIMITATIONS, 2, "for two", 20);
        write("d", "model:m", Section.CONTACT, 3, "for three", 50);
        write("e", "model:other", Section.CONTACT, 1, "of another", 10);

        assertThat(texts("model:m", 2)).containsExactly("for one, ünïcode 😀", "for two", "for two, later");
        assertThat(texts("model:m", 3)).hasSize(4).endsWith("for three");
        assertThat(texts("model:none", 9)).isEmpty();
    }

    private void write(String id, String subject, Section section, long version, String text, long at) {
        database.write(() -> {
            store.insert(id, subject, new Written(section, version, text, "u-1", at));
            return id;
        });
    }

    private List<String> texts(String subject, long version) {
        return database.read(() -> store.upTo(subject, version)).stream()
                .map(Written::text)
                .toList();
    }
}
