/** Entries in Rekor-compatible logs, and certificates of Fulcio-compatible authorities for signing without a key of one's own. */
@NullMarked
package org.millwright.sigstore;

import org.jspecify.annotations.NullMarked;
