/* Stands in for libgupnp-igd-1.0.so.4, which Debian's libnice is linked with and WebRTC never calls: the genuine one needs
   libsoup 3, simple-whip-client is linked with libsoup 2, and a process with both is ended by them. */
unsigned long gupnp_simple_igd_get_type(void) { return 0; }
void *gupnp_simple_igd_thread_new(void) { return 0; }
void gupnp_simple_igd_add_port(void) {}
void gupnp_simple_igd_remove_port_local(void) {}
