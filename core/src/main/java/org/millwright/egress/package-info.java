/** What the server sends to addresses that people name: addresses checked, secrets sealed, posts signed. */
@NullMarked
package org.millwright.egress;

import org.jspecify.annotations.NullMarked;
