package org.millwright.ledger;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.millwright.kernel.Problem;

/** Checks proofs without the log: what an auditor needs besides the public key (RFC 9162, 2.1.3.2 and 2.1.4.2). */
public final class Proofs {
    private static final HexFormat HEX = HexFormat.of();

    private Proofs() {}

    /** Whether an entry with exactly this text is at that place in the log that the checkpoint signed. */
    public static boolean isIncluded(String leaf, long index, List<String> path, SignedNote checkpoint) {
        if (index < 0 || index >= checkpoint.size()) {
            return false;
        }
        String hash = Merkle.leaf(leaf);
        long at = index;
        long last = checkpoint.size() - 1;
        for (String step : path) {
            if (last == 0) {
                return false;
            }
            String sibling = hex(step);
            if ((at & 1) == 1 || at == last) {
                hash = Merkle.node(sibling, hash);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                hash = Merkle.node(hash, sibling);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.equals(hex(checkpoint.root()));
    }

    /** Whether the log of the later checkpoint begins with the one of the earlier. */
    public static boolean isExtended(SignedNote earlier, SignedNote later, List<String> path) {
        if (earlier.size() == later.size()) {
            return path.isEmpty() && earlier.root().equals(later.root());
        }
        if (earlier.size() == 0) {
            return path.isEmpty() && hex(earlier.root()).equals(Merkle.EMPTY);
        }
        if (earlier.size() > later.size()) {
            return false;
        }
        long old = earlier.size() - 1;
        long last = later.size() - 1;
        while ((old & 1) == 1) {
            old >>= 1;
            last >>= 1;
        }
        boolean whole = Long.bitCount(earlier.size()) == 1;
        if (!whole && path.isEmpty()) {
            return false;
        }
        String first = whole ? hex(earlier.root()) : hex(path.getFirst());
        return grow(first, old, last, whole ? path : path.subList(1, path.size()), earlier, later);
    }

    private static boolean grow(
            String start, long old, long last, List<String> path, SignedNote earlier, SignedNote later) {
        String before = start;
        String after = start;
        long fn = old;
        long sn = last;
        for (String step : path) {
            if (sn == 0) {
                return false;
            }
            String sibling = hex(step);
            if ((fn & 1) == 1 || fn == sn) {
                before = Merkle.node(sibling, before);
                after = Merkle.node(sibling, after);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                after = Merkle.node(after, sibling);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && before.equals(hex(earlier.root())) && after.equals(hex(later.root()));
    }

    /** Hex SHA-256 of the text as a leaf of the log. */
    public static String leafHash(String leaf) {
        return Merkle.leaf(leaf);
    }

    private static String hex(String base64) {
        try {
            byte[] hash = Base64.getDecoder().decode(base64);
            if (hash.length == 32) {
                return HEX.formatHex(hash);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new Problem.Invalid("'" + base64.substring(0, Math.min(60, base64.length()))
                + "' is no hash of a proof (expected: base64 of 32 bytes)");
    }
}
