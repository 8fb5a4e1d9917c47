package org.millwright.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.scoring.Frame;
import org.millwright.scoring.TestModels;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.remote.Recorder;

class RecorderTest {
    @TempDir
    Path folder;

    private Bundle bundle;
    private Loaded loaded;

    @BeforeEach
    void load() {
        var bundles = new SignedBundles(folder);
        bundle = Bundle.open(bundles.folder("1"), List.of(bundles.key.trusted()));
        loaded = new Loaded(bundle, bundle.load());
    }

    @AfterEach
    void free() {
        loaded.retire();
    }

    private void score(Recorder recorder, Frame rows, long at) {
        recorder.record(loaded.by(), rows, loaded.model().predict(rows), at);
    }

    @Test
    void rowByRowGivesTheProfileOfAllRows() {
        var recorder = new Recorder(1_000);
        Frame rows = TestModels.mixedRows();
        for (int row = 0; row < rows.rows(); row++) {
            score(recorder, rows.slice(row, row + 1), Recorder.DAY + row);
        }
        assertThat(recorder.waiting()).isEqualTo(rows.rows());
        recorder.drain();

        Recorder.Part part = recorder.take();
        Profile all = bundle.reference().map(Reference::window).orElseThrow();
        all.update(rows);
        double[] predictions = loaded.model().predict(rows).doubles(0);
        all.update(Frame.of(rows.rows()).doubles(Reference.OUTPUT, predictions).build());
        loaded.by().signals().orElseThrow().update(all, rows, place -> predictions);
        assertThat(part.profile().orElseThrow().toJson()).isEqualTo(all.toJson());
        assertThat(part.rows()).isEqualTo(rows.rows());
        assertThat(part.day()).isEqualTo(Recorder.DAY);
        assertThat(part.last()).isEqualTo(Recorder.DAY + rows.rows() - 1);
        assertThat(recorder.take()).isNull();
        assertThat(recorder.waiting()).isZero();
    }

    @Test
    void tooManyRowsAndDaysAreLostAndCounted() {
        var recorder = new Recorder(100);
        Frame rows = TestModels.mixedRows();
        int each = rows.rows();
        for (int i = 0; i < 5; i++) {
            score(recorder, rows, 0);
        }
        long room = 100 / each;
        assertThat(recorder.lost()).isEqualTo((5 - room) * each);
        assertThat(recorder.lostSince()).isEqualTo((5 - room) * each);
        assertThat(recorder.lostSince()).isZero();
        recorder.unreport(7);
        assertThat(recorder.lostSince()).isEqualTo(7);
        for (int day = 1; day <= 20; day++) {
            score(recorder, rows.slice(0, 1), day * Recorder.DAY);
            recorder.drain();
        }
        assertThat(recorder.waiting()).isEqualTo(16);
        assertThat(recorder.lost()).isEqualTo(5L * each + 4);
        assertThat(recorder.take().day()).isEqualTo(5 * Recorder.DAY);
    }

    @Test
    void aBatchThatIsLargerThanTheRoomIsTakenAlone() {
        var recorder = new Recorder(10);
        score(recorder, TestModels.mixedRows(), 0);
        assertThat(recorder.lost()).isZero();
    }

    @Test
    void threadsThatScoreWhileOthersProfileLoseNothing() throws InterruptedException {
        var recorder = new Recorder(1_000_000);
        Frame rows = TestModels.mixedRows();
        Frame outputs = loaded.model().predict(rows);
        int threads = 4;
        int rounds = 2_000;
        var scoring = new java.util.ArrayList<Thread>();
        for (int t = 0; t < threads; t++) {
            var thread = new Thread(() -> {
                for (int i = 0; i < rounds; i++) {
                    int row = i % rows.rows();
                    long day = i / (rounds / 4);
                    recorder.record(
                            loaded.by(), rows.slice(row, row + 1), outputs.slice(row, row + 1), day * Recorder.DAY);
                }
            });
            thread.start();
            scoring.add(thread);
        }
        while (scoring.stream().anyMatch(Thread::isAlive)) {
            recorder.drain();
        }
        for (Thread thread : scoring) {
            thread.join();
        }
        recorder.drain();

        for (long day = 0; day < 4; day++) {
            Recorder.Part part = recorder.take();
            assertThat(part.day()).isEqualTo(day * Recorder.DAY);
            assertThat(part.rows()).isEqualTo(threads * rounds / 4);
            Profile profile = part.profile().orElseThrow();
            assertThat(profile.column(rows.name(0)).orElseThrow().rows()).isEqualTo(threads * rounds / 4);
        }
        assertThat(recorder.waiting()).isZero();
        assertThat(recorder.lost()).isZero();
    }
}
