package org.millwright.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class MerkleTest {
    private static String node(int height, long pos) {
        return height == 0
                ? Merkle.leaf("entry " + pos)
                : Merkle.node(node(height - 1, 2 * pos), node(height - 1, 2 * pos + 1));
    }

    /** RFC 9162, 2.1.3.2: recompute the root from a leaf and its path. */
    @Property(tries = 300)
    void anInclusionProofLeadsToTheRoot(
            @ForAll @LongRange(min = 1, max = 300) long size, @ForAll @LongRange(min = 0, max = 299) long pick) {
        long fn = pick % size;
        long sn = size - 1;
        String root = Merkle.leaf("entry " + fn);
        for (String hash : Merkle.inclusion(MerkleTest::node, fn, size)) {
            if ((fn & 1) == 1 || fn == sn) {
                root = Merkle.node(hash, root);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                root = Merkle.node(root, hash);
            }
            fn >>= 1;
            sn >>= 1;
        }
        assertThat(root).isEqualTo(Merkle.root(MerkleTest::node, size));
    }
}
