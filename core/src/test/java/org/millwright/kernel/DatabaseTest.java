package org.millwright.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Works that commit together: each alone is done or undone, and none is acknowledged that is not there. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class DatabaseTest {
    private final Database database;

    DatabaseTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aWorkThatFailsIsUndoneAloneAmongThoseItCommitsWith() {
        var acknowledged = new ConcurrentLinkedQueue<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                String name = String.format("%03d", i);
                boolean fails = i % 3 == 0;
                threads.submit(() -> {
                    database.write(() -> {
                        insert(name);
                        if (fails) {
                            throw new Problem.Invalid("no");
                        }
                    });
                    acknowledged.add(name);
                });
            }
        }
        assertThat(acknowledged).hasSize(200);
        assertThat(names()).containsExactlyElementsOf(new TreeSet<>(acknowledged));
    }

    @Test
    void earlyItemsAreThereBeforeTheNextStatementAndOthersBeforeTheCommit() {
        var late = new ArrayList<String>();
        Tx.CommitHook<String> atCommit = items -> {
            late.addAll(items);
            items.forEach(this::insert);
        };
        List<String> seen = database.write(() -> {
            database.enlist(EARLY, "early");
            database.enlist(atCommit, "late");
            return names();
        });

        assertThat(seen).containsExactly("early");
        assertThat(late).containsExactly("late");
        assertThat(names()).containsExactly("early", "late");
    }

    /** Inserts its items before the next statement. */
    private final Tx.CommitHook<String> EARLY = new Tx.CommitHook<>() {
        @Override
        public void flush(List<String> items) {
            items.forEach(DatabaseTest.this::insert);
        }

        @Override
        public boolean isEarly() {
            return true;
        }
    };

    @Test
    void itemsOfAFailedWorkAreDroppedAndItsRollbackIsTold() {
        var told = new AtomicInteger();
        assertThatThrownBy(() -> database.write(() -> {
                    database.enlist(EARLY, "gone");
                    database.afterRollback(told::incrementAndGet);
                    throw new Problem.Invalid("no");
                }))
                .hasMessage("no");
        database.write(() -> database.enlist(EARLY, "kept"));

        assertThat(names()).containsExactly("kept");
        assertThat(told).hasValue(1);
    }

    @Test
    void whatFollowsACommitIsDoneBeforeWhoeverWroteGoesOn() {
        for (int i = 0; i < 500; i++) {
            var done = new AtomicInteger();
            database.write(() -> database.afterCommit(done::incrementAndGet));
            assertThat(done).hasValue(1);
        }
    }

    @Test
    void aHookThatFailsAtTheCommitFailsEveryWorkThatItHolds() {
        Tx.CommitHook<String> broken = items -> {
            insert("half");
            throw new Problem.Invalid("broken hook");
        };
        var failures = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 50)
                    .forEach(i -> threads.submit(() -> {
                        try {
                            database.write(() -> {
                                insert("work" + i);
                                database.enlist(broken, "item");
                            });
                        } catch (Problem.Invalid e) {
                            failures.incrementAndGet();
                        }
                    }));
        }
        assertThat(failures).hasValue(50);
        assertThat(names()).isEmpty();
    }

    @Test
    void aReadRefusesToWrite() {
        assertThatThrownBy(() -> database.read(() -> {
                    database.write(() -> insert("x"));
                    return true;
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    private void insert(String name) {
        database.jdbc("insert into ledger_delivery (consumer, next_idx) values (?, 0)", statement -> {
            statement.setString(1, name);
            return statement.executeUpdate();
        });
    }

    private List<String> names() {
        return database.read(() ->
                database.jdbc("select consumer from ledger_delivery order by consumer", statement -> {
                    var names = new ArrayList<String>();
                    try (var row = statement.executeQuery()) {
                        while (row.next()) {
                            names.add(row.getString(1));
                        }
                    }
                    return names;
                }));
    }
}
