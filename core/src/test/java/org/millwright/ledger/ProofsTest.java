package org.millwright.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Problem;

class ProofsTest {
    private static String node(int height, long pos) {
        return height == 0
                ? Merkle.leaf("entry " + pos)
                : Merkle.node(node(height - 1, 2 * pos), node(height - 1, 2 * pos + 1));
    }

    private static SignedNote checkpoint(long size) {
        return new SignedNote("log", size, Ledger.base64(Merkle.root(ProofsTest::node, size)), "");
    }

    private static List<String> base64(List<String> hashes) {
        return hashes.stream().map(Ledger::base64).toList();
    }

    @Property(tries = 200)
    void anEntryIsProvenInItsPlaceAndInNoOther(
            @ForAll @LongRange(min = 1, max = 200) long size, @ForAll @LongRange(min = 0, max = 199) long pick) {
        long index = pick % size;
        List<String> path = base64(Merkle.inclusion(ProofsTest::node, index, size));

        assertThat(Proofs.isIncluded("entry " + index, index, path, checkpoint(size)))
                .isTrue();
        assertThat(Proofs.isIncluded("entry " + index + "!", index, path, checkpoint(size)))
                .isFalse();
        for (long other = 0; other < size; other++) {
            assertThat(Proofs.isIncluded("entry " + index, other, path, checkpoint(size)))
                    .isEqualTo(other == index);
        }
        assertThat(Proofs.isIncluded("entry " + index, size, path, checkpoint(size)))
                .isFalse();
    }

    @Property(tries = 200)
    void aLongerLogIsProvenToExtendAShorter(
            @ForAll @LongRange(min = 1, max = 200) long size, @ForAll @LongRange(min = 1, max = 200) long pick) {
        long old = 1 + (pick - 1) % size;
        List<String> path = base64(Merkle.consistency(ProofsTest::node, old, size));
        var altered = new SignedNote("log", old, Ledger.base64(Merkle.leaf("other")), "");

        assertThat(Proofs.isExtended(checkpoint(old), checkpoint(size), path)).isTrue();
        assertThat(Proofs.isExtended(altered, checkpoint(size), path)).isFalse();
        if (!path.isEmpty()) {
            var short_ = new ArrayList<>(path);
            short_.removeLast();
            assertThat(Proofs.isExtended(checkpoint(old), checkpoint(size), short_))
                    .isFalse();
        }
        if (old > 1) {
            assertThat(Proofs.isExtended(checkpoint(old - 1), checkpoint(size), path))
                    .isFalse();
        }
        var twice = new ArrayList<>(path);
        twice.addAll(Collections.nCopies(70, Ledger.base64(Merkle.EMPTY)));
        assertThat(Proofs.isExtended(checkpoint(old), checkpoint(size), twice)).isFalse();
    }

    @Test
    void notesThatWereAppendedToAFileAreToldApart() {
        String root = Ledger.base64(Merkle.EMPTY);
        String one = "log\n1\n" + root + "\n\n— log AAAA\n";
        String two = "log\n2\n" + root + "\n\n— log AAAA\n— other BBBB\n";

        assertThat(SignedNote.all(one + "\n" + two + "\nlog\n3\n" + root))
                .extracting(SignedNote::size)
                .containsExactly(1L, 2L);
        assertThat(SignedNote.all(one + two)).extracting(SignedNote::text).containsExactly(one, two);
        assertThat(SignedNote.all("")).isEmpty();
        assertThatThrownBy(() -> SignedNote.all("<html>\n\n— x y\n")).isInstanceOf(Problem.Invalid.class);
    }
}
