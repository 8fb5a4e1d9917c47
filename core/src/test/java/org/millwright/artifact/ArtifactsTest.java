package org.millwright.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

class ArtifactsTest {
    @TempDir
    Path folder;

    private Artifacts artifacts;

    @BeforeEach
    void open() {
        artifacts = new Artifacts(folder, new Ids(Clock.systemUTC()));
    }

    @Test
    void keepsEachContentOnceUnderItsHash() throws IOException {
        for (int size : new int[] {0, 1, 256 * 1024, 256 * 1024 + 1, 20_000_000}) {
            byte[] bytes = bytes(size);
            Stored stored = artifacts.put(new ByteArrayInputStream(bytes));
            assertThat(stored).isEqualTo(new Stored(Json.sha256(bytes), size));
            assertThat(artifacts.put(bytes)).isEqualTo(stored);
            assertThat(artifacts.bytes(stored.sha256())).isEqualTo(bytes);
            assertThat(artifacts.bytes(stored.sha256())).isEqualTo(bytes);
        }
        assertThat(incoming()).isZero();
    }

    @Test
    void keepsNothingOfWhatIsTooLargeOrBreaksOff() throws IOException {
        assertThatThrownBy(() -> artifacts.put(new ByteArrayInputStream(bytes(10_000_000)), 9_999_999))
                .isInstanceOf(Problem.TooLarge.class);
        var broken = new InputStream() {
            private int count;

            @Override
            public int read() throws IOException {
                if (++count > 9_000_000) {
                    throw new IOException("gone");
                }
                return 7;
            }
        };
        assertThatThrownBy(() -> artifacts.put(broken)).isInstanceOf(UncheckedIOException.class);
        assertThat(incoming()).isZero();
        try (Stream<Path> kept = Files.walk(folder.resolve("sha256"))) {
            assertThat(kept.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void noticesAlteredBytesBeforeTheLastOfThemAreRead() throws IOException {
        byte[] bytes = bytes(1_000_000);
        String hash = artifacts.put(bytes).sha256();
        artifacts.bytes(hash);
        Path file = artifacts.path(hash);
        assertThat(file.toFile().setWritable(true)).isTrue();
        for (int size : new int[] {1_000_000, 999_999}) {
            bytes[500_000]++;
            Files.write(file, java.util.Arrays.copyOf(bytes, size));
            try (InputStream in = artifacts.open(hash)) {
                assertThat(in.readNBytes(400_000)).hasSize(400_000);
                assertThatThrownBy(in::readAllBytes).hasMessageContaining("were altered on the disk");
            }
            assertThat(artifacts.intact(hash)).isFalse();
        }
    }

    private long incoming() throws IOException {
        try (Stream<Path> left = Files.list(folder.resolve("incoming"))) {
            return left.count();
        }
    }

    private static byte[] bytes(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
